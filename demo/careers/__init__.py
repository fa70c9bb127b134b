"""The six kinds of careers of the demo, one file each."""

from demo.careers.career import Career, Rung
from demo.careers.finance import FINANCE
from demo.careers.logistics import LOGISTICS
from demo.careers.nursing import NURSING
from demo.careers.sales import SALES
from demo.careers.software import SOFTWARE
from demo.careers.trades import TRADES

CAREERS: tuple[Career, ...] = (NURSING, SOFTWARE, TRADES, LOGISTICS, FINANCE, SALES)

__all__ = ["CAREERS", "Career", "Rung"]
