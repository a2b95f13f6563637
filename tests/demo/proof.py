"""What the play leaves behind, and whether it proves that the sentences arrived."""

from __future__ import annotations

from tests.demo.stage import Stage
from tests.demo.timeline import draw


def leave_proof(stage: Stage) -> bool:
    """Draw the timeline, print where everything is; true when every sentence was heard."""
    directory = stage.directory
    draw(stage.stories, directory / "timeline.png")
    verdicts = {proof.name: proof.verdict for proof in stage.proofs}
    print("\nWhat was heard:")
    for name, verdict in verdicts.items():
        print(f"  {'yes' if verdict else 'NO '}  {directory / name}: {verdict.why}")
    print("Also there:")
    for name in (*(one.name for one in stage.pictures), "timeline.png", "chat.txt", "calls.json"):
        print(f"       {directory / name}")
    return all(verdicts.values())
