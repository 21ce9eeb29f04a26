"""The Hub as a source of weights: what a model consists of, and the bytes of its files. Runs in a child process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core import retrying
from core.amounts import duration
from core.errors import JarvisError, NotAvailable
from core.weights.listing import Listing, listing_of

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo

PATIENCE = 30.0  # seconds without a byte until a connection is given up
ENOUGH = 45.0  # seconds after which the Hub is not asked once more what a model consists of
LONGEST_WAIT = 60.0  # seconds: what a server may ask us to wait before we say so instead
_A_WEEK = 7 * 24 * 3600.0  # seconds: whoever asks for more patience than that means something else


class Source:
    """Talks to the Hub at one address. The token goes nowhere else, and into no message."""

    def __init__(self, endpoint: str = "", token: str = "", patience: float = PATIENCE) -> None:
        """Without a token, the one of ``hf auth login`` is used if there is one."""
        import stamina
        from huggingface_hub import HfApi

        stamina.instrumentation.set_on_retry_hooks([])  # they would log addresses with their signatures
        self._api = HfApi(endpoint=endpoint.rstrip("/") or None, token=token or None, library_name="jarvis")
        self._patience = patience

    @property
    def endpoint(self) -> str:
        """The Hub's address."""
        return self._api.endpoint

    def listing(self, model: str, revision: str = "") -> Listing:
        """Return the files of a model, having checked that we may have them. Raises the library's errors."""
        info = self._patiently(self._info, model, revision)
        if info.gated:
            self._patiently(self._api.auth_check, model)
        if (found := listing_of(info)) is None:
            raise NotAvailable(f"What the Hub tells about the model “{model}” makes no sense.")
        return found

    def _info(self, model: str, revision: str) -> ModelInfo:
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError

        try:
            return self._api.model_info(model, revision=revision or None, files_metadata=True, timeout=self._patience)
        except (HfHubHTTPError, HFValidationError):
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise NotAvailable(_stranger(self.endpoint)) from None

    def _patiently(self, call: Any, *args: Any) -> Any:
        import stamina

        for attempt in stamina.retry_context(on=worth_waiting, attempts=4, timeout=ENOUGH, wait_jitter=0.5):
            with attempt:
                return call(*args)
        raise AssertionError  # pragma: no cover - the last attempt raises its own error

    @contextmanager
    def content(self, model: str, commit: str, name: str, start: int) -> Iterator[tuple[int, Iterator[bytes]]]:
        """Open a file from byte ``start`` on; gives where it really starts, and its bytes.

        Large files lie with a delivery network whose addresses expire, so each time the Hub is asked for a new one.
        """
        import httpx2
        from huggingface_hub import get_session, hf_hub_url, hf_raise_for_status
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined] # exported lazily

        url = hf_hub_url(model, name, revision=commit, endpoint=self.endpoint)
        headers = build_hf_headers(token=self._api.token, library_name="jarvis")
        headers["Accept-Encoding"] = "identity"  # else the bytes are others than those that are promised
        if start:
            headers["Range"] = f"bytes={start}-"
        timeout = httpx2.Timeout(self._patience)
        # The session follows redirects and takes the token off where they leave the Hub.
        with get_session().stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as response:
            if response.is_error:
                response.read()
            hf_raise_for_status(response)
            yield (start if response.status_code == 206 else 0), response.iter_bytes()


def _stranger(endpoint: str) -> str:
    return f"What answers at {endpoint} does not speak as the Hugging Face Hub does."


def worth_waiting(error: Exception) -> bool | float:
    """Tell whether trying again may help, or after how many seconds."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

    if isinstance(error, httpx2.TimeoutException | httpx2.NetworkError | httpx2.RemoteProtocolError):
        return True
    if not isinstance(error, HfHubHTTPError) or error.response.status_code not in (408, 429, 500, 502, 503, 504):
        return False
    wait = asked_to_wait(error)
    return True if wait is None else wait <= LONGEST_WAIT and wait


def asked_to_wait(error: Any) -> float | None:
    """Return how many seconds a server asks us to wait, None where it does not say."""
    from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined] # exported lazily

    headers = error.response.headers
    if (told := retrying.asked_to_wait(headers)) is not None:
        return told
    limit = parse_ratelimit_headers(headers)
    return float(limit.reset_in_seconds) if limit and limit.remaining == 0 else None


def sentence(error: Exception, model: str, endpoint: str) -> JarvisError | None:
    """Return what a person can be told about an error of the library, None where it is a bug of ours.

    None of the library's own words: they hold addresses, and those may hold keys.
    """
    import httpx2
    from huggingface_hub import errors

    refused = {
        errors.GatedRepoError: (
            f"The model “{model}” is gated: its terms have to be accepted at {endpoint}/{model}, and HF_TOKEN set to a "
            "token of the account that did so."
        ),
        errors.RepositoryNotFoundError: f"There is no model “{model}” on the Hub, or HF_TOKEN may not see it.",
        errors.DisabledRepoError: f"The Hub has closed the model “{model}”.",
        errors.RevisionNotFoundError: f"The model “{model}” has no such revision on the Hub.",
        errors.EntryNotFoundError: f"The model “{model}” lacks a file on the Hub that it should have.",
        errors.HFValidationError: f"“{model}” cannot be the name of a model on the Hub.",
        errors.OfflineModeIsEnabled: (
            f"The model “{model}” is not on this machine, and HF_HUB_OFFLINE keeps it from being downloaded."
        ),
        httpx2.TimeoutException: silent(model, endpoint),
        httpx2.ReadError: _broken_off(model, endpoint),
        httpx2.RemoteProtocolError: _broken_off(model, endpoint),
        httpx2.DecodingError: _stranger(endpoint),
        httpx2.TooManyRedirects: _stranger(endpoint),
        httpx2.RequestError: f"The Hub at {endpoint} cannot be reached, so “{model}” could not be downloaded.",
    }
    for kind, why in refused.items():  # subclasses come before what they derive from
        if isinstance(error, kind):
            return NotAvailable(why)
    return NotAvailable(_status(error, model)) if isinstance(error, errors.HfHubHTTPError) else None


def silent(model: str, endpoint: str) -> str:
    """Return the words for a Hub that does not answer."""
    return f"The Hub at {endpoint} is silent, so the model “{model}” could not be downloaded."


def crawling(model: str, endpoint: str) -> str:
    """Return the words for a Hub that sends a byte now and then."""
    return f"The Hub at {endpoint} sends next to nothing, so the model “{model}” could not be downloaded."


def _broken_off(model: str, endpoint: str) -> str:
    return f"The connection to the Hub at {endpoint} breaks off again and again, so “{model}” could not be downloaded."


def _status(error: Any, model: str) -> str:
    match error.response.status_code:
        case 401:
            return f"The Hub does not accept HF_TOKEN, so the model “{model}” could not be downloaded."
        case 403:
            return f"The Hub does not let us download the model “{model}”: HF_TOKEN may lack the right to read it."
        case 429:
            wait = asked_to_wait(error)
            wait = wait if wait and wait < _A_WEEK else None
            when = f"It asks for {duration(wait)} of patience" if wait else "It will help to wait a while"
            return f"The Hub has had too many requests from here to give us the model “{model}” now. {when}."
        case status:
            return f"The Hub has trouble of its own (status {status}), so the model “{model}” could not be downloaded."
