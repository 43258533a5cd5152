"""The demo city as an office: its bodies, people, registry and cases, made by the office's own actions."""
