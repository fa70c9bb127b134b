"""The six kinds of careers of the demo, one file each."""

from analytics.demo.careers.career import Career, Rung
from analytics.demo.careers.finance import FINANCE
from analytics.demo.careers.logistics import LOGISTICS
from analytics.demo.careers.nursing import NURSING
from analytics.demo.careers.sales import SALES
from analytics.demo.careers.software import SOFTWARE
from analytics.demo.careers.trades import TRADES

CAREERS: tuple[Career, ...] = (NURSING, SOFTWARE, TRADES, LOGISTICS, FINANCE, SALES)

__all__ = ["CAREERS", "Career", "Rung"]
