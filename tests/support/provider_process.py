"""A real directory as a process of its own: `python provider_process.py PORT PEOPLE`, PEOPLE as JSON."""

import json
import os
import re
import sys

import flask
import uvicorn
from oidc_provider_mock import User, app  # pyright: ignore[reportMissingTypeStubs] - it has types of its own

if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    people = [User(sub=person.pop("sub"), claims=person) for person in json.loads(sys.argv[2])]
    directory = app(require_nonce=True, user_claims=people)

    @directory.after_request
    def plainly(response: flask.Response) -> flask.Response:
        """Show its pages without the style sheet that they would fetch from elsewhere."""
        if response.mimetype == "text/html":
            response.set_data(re.sub(rb"<link[^>]*>", b"", response.get_data()))
        return response

    uvicorn.run(directory, interface="wsgi", host="127.0.0.1", port=int(sys.argv[1]))
