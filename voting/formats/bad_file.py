"""A file that cannot be read, whatever its format."""


class BadFile(Exception):
    """``line_number`` counts from 1; ``sentence`` says what is wrong there, for operators and logs."""

    def __init__(self, line_number: int, sentence: str) -> None:
        super().__init__(line_number, sentence)
        self.line_number = line_number
        self._sentence = sentence

    @property
    def sentence(self) -> str:
        return self._sentence

    def __str__(self) -> str:
        return f"line {self.line_number}: {self.sentence}"
