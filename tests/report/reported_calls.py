"""Calls that are over, and what was sent of them."""

from line_fakes import Asterisk, call

CDR = "http://web.test/cdr"


def over(**facts):
    """Return a call whose caller has hung up."""
    asterisk = Asterisk()
    line = call(asterisk, **facts)
    asterisk.hang_up()
    return line


def sent(web):
    return [report.url for report in web.accepted]
