"""The addresses of the door."""

from __future__ import annotations

from typing import Final

CODE: Final = "/sign-in/code"
LINK: Final = "/sign-in/link/{token}"
SIGN_OUT: Final = "/sign-out"
VENDOR: Final = "/sign-in/with/vendor"
ACCOUNTS: Final = "/accounts"
PROOF_CODE: Final = "/proof/code"
SECURITY: Final = "/security"
END_SESSION: Final = "/security/end"
END_OTHERS: Final = "/security/end-others"
SPEAK: Final = "/security/language"
SIGN_IN_PASSKEY: Final = "/sign-in/passkey"
PROOF_PASSKEY: Final = "/proof/passkey"
NEW_PASSKEY: Final = "/security/new-passkey"
PASSKEY: Final = "/security/passkeys/{passkey}"
