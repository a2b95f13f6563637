"""One act, one room: it plays on the stage, and leaves its story and its proofs there."""
