"""The shared objects every workflow is handed, and how they are built."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from beltmask.detectors.base import Budget, Detector, ReplyCache
from beltmask.detectors.gemini.client import GeminiDetector, RequestOptions
from beltmask.detectors.gemini.vertex import VertexPlace
from beltmask.detectors.llm.models import ModelTable, read_models, shipped_models
from beltmask.detectors.offline import OfflineDetector
from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector, Server
from beltmask.detectors.region import RegionDetector
from beltmask.detectors.replay import ReplayDetector
from beltmask.detectors.sam.model import SamModel
from beltmask.detectors.tiling import TilingDetector
from beltmask.errors import SettingsError
from beltmask.images import DECODE_MEMORY, ImageLimits
from beltmask.messages import Message
from beltmask.model import Actor
from beltmask.runs import Runner
from beltmask.settings import DATABASE, PICTURES, Settings
from beltmask.store.blobs import Blobs
from beltmask.store.database import Database
from beltmask.store.disk import close_folder
from beltmask.store.records import Store
from beltmask.workflows.budget import DailyBudget
from beltmask.workflows.reply_cache import EmptyReplyCache, StoredReplyCache
from beltmask.workflows.task_store import StoredTasks

_LEASE = timedelta(minutes=2)
"""It is renewed while a task is under way, several times within this."""


DEFAULT_DETECTOR = OfflineDetector.name
"""It is always ready."""


@dataclass(frozen=True, slots=True)
class Services:
    """Built once per process, by ``components.services`` or ``beltmask.cli`` only."""

    settings: Settings
    store: Store
    detectors: Mapping[str, Detector]
    tasks: StoredTasks
    runner: Runner
    executor: Executor
    actor: Actor
    budget: DailyBudget
    sam: SamModel

    @classmethod
    def open(cls, settings: Settings, *, sleep: Callable[[float], None] = time.sleep) -> Self:
        """Connect to the store, bringing its tables up to date.

        ``sleep`` is how detectors wait before they try again.

        Raises:
            SettingsError: The table of models cannot be read.
            DatabaseUnavailableError: The database does not answer.
        """
        models = models_of(settings)
        DECODE_MEMORY.limit_to(settings.decode_memory)
        store = Store(Database(settings.sqlalchemy_url), Blobs(settings.blob_url))
        close_folder(settings.data.absolute(), ours=(DATABASE, PICTURES))
        try:
            store.database.migrate()
        except BaseException:
            store.database.close()
            raise
        budget = DailyBudget(store, settings.daily_budget)
        setup = DetectorSetup(settings, models, StoredReplyCache(store), budget, sleep)
        detectors = available_detectors(setup)
        tasks = StoredTasks(store, limits=limits_of(settings), lease=_LEASE)
        executor = ThreadPoolExecutor(settings.workers, thread_name_prefix="beltmask-run")
        runner = Runner(tasks, detectors=detectors, executor=executor, workers=settings.workers)
        actor = Actor(settings.actor)
        sam = SamModel(settings.sam_encoder, settings.sam_decoder)
        return cls(settings, store, detectors, tasks, runner, executor, actor, budget, sam)

    @property
    def limits(self) -> ImageLimits:
        return limits_of(self.settings)

    def close(self) -> None:
        self.runner.stop()
        self.executor.shutdown(wait=True, cancel_futures=True)
        self.store.database.close()


@dataclass(frozen=True, slots=True)
class StorelessServices:
    """What detecting in plain files needs: no data folder, and no database."""

    detectors: Mapping[str, Detector]
    limits: ImageLimits
    budget: DailyBudget

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Detectors that keep nothing of what they are answered.

        Raises:
            SettingsError: The table of models cannot be read.
        """
        budget = DailyBudget(None, settings.daily_budget)
        setup = DetectorSetup(settings, models_of(settings), EmptyReplyCache(), budget)
        return cls(available_detectors(setup), limits_of(settings), budget)

    def asks_a_model(self, detector: str) -> bool:
        """Whether a detector costs something, so that its answers are worth keeping."""
        asked = self.detectors.get(detector)
        return asked is not None and asked.traits.asks_a_model


@dataclass(frozen=True, slots=True)
class DetectorSetup:
    """What detectors are built of. ``sleep`` is how they wait before they try again."""

    settings: Settings
    models: ModelTable
    answers: ReplyCache
    budget: Budget
    sleep: Callable[[float], None] = time.sleep


def models_of(settings: Settings) -> ModelTable:
    """The table of models, with the rows of the installation's own file.

    Raises:
        SettingsError: The file cannot be read.
    """
    path = settings.models_file
    if path is None:
        return shipped_models()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(Message("models.table_not_read", path=str(path))) from error
    return shipped_models().with_rows(read_models(text))


def available_detectors(setup: DetectorSetup) -> dict[str, Detector]:
    """Every detector by name, whether it is ready or not."""
    detectors = [build(setup) for build in DETECTORS]
    return {detector.name: detector for detector in detectors}


def limits_of(settings: Settings) -> ImageLimits:
    return ImageLimits(max_pixels=settings.max_pixels, max_bytes=settings.max_file_bytes)


def held_to_belt(detector: Detector) -> Detector:
    """A detector that may be shown any part of a picture: the belt, or its tiles."""
    return RegionDetector(TilingDetector(detector))


def _offline(setup: DetectorSetup) -> Detector:
    return held_to_belt(OfflineDetector(weights=setup.settings.weights))


def _gemini(setup: DetectorSetup) -> Detector:
    settings = setup.settings
    project, location = settings.vertex_project, settings.vertex_location
    options = RequestOptions(
        requests=settings.gemini_requests,
        deadline=settings.gemini_deadline,
        streaming=settings.gemini_streaming,
        sleep=setup.sleep,
    )
    gemini = GeminiDetector(
        api_key=settings.gemini_api_key,
        vertex=VertexPlace(project, location) if project else None,
        base_url=settings.gemini_base_url,
        timeout=settings.gemini_timeout,
        options=options,
        models=setup.models,
        cache=setup.answers,
        budget=setup.budget,
    )
    return held_to_belt(gemini)


def _openai_compatible(setup: DetectorSetup) -> Detector:
    settings = setup.settings
    server = Server(
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key,
        model=settings.openai_model,
        timeout=settings.openai_timeout,
        deadline=settings.openai_deadline,
        outlines=settings.openai_outlines,
    )
    asked = OpenAICompatibleDetector(
        server,
        models=setup.models,
        cache=setup.answers,
        budget=setup.budget,
        sleep=setup.sleep,
    )
    return held_to_belt(asked)


def _replay(setup: DetectorSetup) -> Detector:
    """What it holds is about whole pictures."""
    return RegionDetector(ReplayDetector(setup.settings.replay_folder), shows_all=True)


DETECTORS: tuple[Callable[[DetectorSetup], Detector], ...] = (
    _offline,
    _gemini,
    _openai_compatible,
    _replay,
)
"""One line for each, in the order in which people see them."""
