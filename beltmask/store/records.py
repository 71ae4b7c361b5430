"""All repositories on one connection, and the store that hands them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection

from beltmask.store.annotations import Annotations
from beltmask.store.answers import Answers
from beltmask.store.belt_regions import BeltRegions
from beltmask.store.blobs import Blobs
from beltmask.store.class_changes import ClassChanges
from beltmask.store.class_moves import ClassMoves
from beltmask.store.classes import Classes
from beltmask.store.comments import Comments
from beltmask.store.comparisons import Comparisons
from beltmask.store.database import Database
from beltmask.store.efforts import Efforts
from beltmask.store.figures import Figures
from beltmask.store.images import Images
from beltmask.store.inspection import Inspection
from beltmask.store.objects import Objects
from beltmask.store.operation_log import OperationLog
from beltmask.store.operations import Operations
from beltmask.store.preferences import Preferences
from beltmask.store.projects import Projects
from beltmask.store.prompt_versions import PromptVersions
from beltmask.store.queue import Queue
from beltmask.store.queue_positions import QueuePositions
from beltmask.store.replies import Predictions, Replies
from beltmask.store.runs import Runs
from beltmask.store.trials import Trials


@dataclass(frozen=True, slots=True)
class Records:
    """The repositories within one transaction.

    ``together()`` is a block of which nothing is kept when it raises, though the transaction
    goes on.
    """

    together: Callable[[], AbstractContextManager[object]]
    projects: Projects
    classes: Classes
    belt_regions: BeltRegions
    class_changes: ClassChanges
    class_moves: ClassMoves
    comments: Comments
    images: Images
    prompt_versions: PromptVersions
    trials: Trials
    runs: Runs
    comparisons: Comparisons
    figures: Figures
    replies: Replies
    predictions: Predictions
    answers: Answers
    annotations: Annotations
    operations: Operations
    operation_log: OperationLog
    efforts: Efforts
    queue: Queue
    queue_positions: QueuePositions
    objects: Objects
    preferences: Preferences
    inspection: Inspection

    @classmethod
    def on(cls, connection: Connection) -> Self:
        return cls(
            together=connection.begin_nested,
            projects=Projects(connection),
            classes=Classes(connection),
            belt_regions=BeltRegions(connection),
            class_changes=ClassChanges(connection),
            class_moves=ClassMoves(connection),
            comments=Comments(connection),
            images=Images(connection),
            prompt_versions=PromptVersions(connection),
            trials=Trials(connection),
            runs=Runs(connection),
            comparisons=Comparisons(connection),
            figures=Figures(connection),
            replies=Replies(connection),
            predictions=Predictions(connection),
            answers=Answers(connection),
            annotations=Annotations(connection),
            operations=Operations(connection),
            operation_log=OperationLog(connection),
            efforts=Efforts(connection),
            queue=Queue(connection),
            queue_positions=QueuePositions(connection),
            objects=Objects(connection),
            preferences=Preferences(connection),
            inspection=Inspection(connection),
        )


@dataclass(frozen=True, slots=True)
class Store:
    """Records in a database, bytes in blobs."""

    database: Database
    blobs: Blobs

    @contextmanager
    def read(self) -> Iterator[Records]:
        """One snapshot: what belongs together is read in one such block."""
        with self.database.read() as connection:
            yield Records.on(connection)

    @contextmanager
    def write(self) -> Iterator[Records]:
        """One transaction: committed at a clean end, rolled back by an error."""
        with self.database.write() as connection:
            yield Records.on(connection)
