"""Tables that the room takes in: certificates, numbers of technology SMEs, titles."""

from peiyu.office.foundation.imports import ImportKind
from peiyu.office.qualifications.imports.certificates import CERTIFICATES
from peiyu.office.qualifications.imports.tech_sme import TECH_SME
from peiyu.office.qualifications.imports.titles import TITLES

IMPORTS: dict[str, ImportKind] = {
    "certificates": CERTIFICATES,
    "tech_sme": TECH_SME,
    "titles": TITLES,
}
