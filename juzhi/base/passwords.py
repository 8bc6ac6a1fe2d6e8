"""How long a password has to be, said in our own words: Django's sentence for it is missing in its Chinese catalogue."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Refuses a password shorter than `min_length` characters."""

    def get_error_message(self) -> str:
        return _("密码太短：至少 %(least)d 个字符") % {"least": self.min_length}
