# noqa
from app.models.user import User as User
from app.models.team import *  # noqa: F403
from app.models.document import Document, DocumentVersion
