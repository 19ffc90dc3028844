"""Why a page gives no article."""


class NotAnArticleError(Exception):
    """The page holds no article: too little text, or nothing that could be its title."""
