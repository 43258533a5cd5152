"""The page at the door."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from peiyu.office.accounts.queries import people_to_try
from peiyu.office.foundation.days import office_day
from peiyu.office.web.accounts.demo import is_demo


class LogIn(LoginView):  # type: ignore[misc]
    """Name and password, a passkey or the city's single sign-on; in the demo one click as anyone."""

    def get_form(self, form_class: Any = None) -> Any:
        """Where one click is enough the cursor does not wait in a field."""
        form = super().get_form(form_class)
        if is_demo():
            form.fields["login"].widget.attrs.pop("autofocus", None)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which ways there are."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["one_door"] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        context["groups"] = people_to_try(office_day()) if is_demo() else []
        context["next"] = self.request.GET.get("next", self.request.POST.get("next", ""))
        return context


log_in = LogIn.as_view()
