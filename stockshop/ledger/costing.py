"""What stock is worth: cost layers, moving average (one layer) or FIFO (a layer a receipt).

Pure arithmetic over integers: quantities in thousandths of the unit, values in 1/10,000 of the
currency unit. A negative stock is a layer of its own, a hole, worth what its issues were booked at.
Value is conserved by construction: what `receive` and `issue` answer always adds up to the change
of `value_e4`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stockshop.money import value_at_cost_e4
from stockshop.quantity import MILLI


def unit_cost_e4(quantity_milli: int, value_e4: int) -> int:
    """Cost of one unit, rounded to the nearest 1/10,000 (halves up)."""
    return (2 * value_e4 * MILLI + quantity_milli) // (2 * quantity_milli)


@dataclass(slots=True)
class Stock:
    """The layers of one product, oldest first, and the last known cost of a unit."""

    fifo: bool
    layers: list[tuple[int, int]] = field(default_factory=list)
    """(quantity_milli, value_e4); at most one with a negative quantity, and then the only one."""
    last_cost_e4: int = 0

    @property
    def quantity_milli(self) -> int:
        return sum(quantity for quantity, _ in self.layers)

    @property
    def value_e4(self) -> int:
        return sum(value for _, value in self.layers)

    def receive(self, quantity_milli: int, value_e4: int) -> int:
        """Take in a quantity that cost `value_e4`.

        Answers the revaluation: how much value must leave the stock (or enter it, when negative)
        because units sold from a hole had been booked at another cost.
        """
        self.last_cost_e4 = unit_cost_e4(quantity_milli, value_e4)
        revaluation_e4 = 0
        if self.layers and self.layers[0][0] < 0:
            hole_milli, hole_e4 = self.layers.pop()
            filled_milli = min(quantity_milli, -hole_milli)
            # Both parts by proportion, exact when a side is used up.
            booked_e4 = -hole_e4 * filled_milli // -hole_milli
            paid_e4 = value_e4 * filled_milli // quantity_milli
            revaluation_e4 = paid_e4 - booked_e4
            if filled_milli < -hole_milli:
                self.layers.append((hole_milli + filled_milli, hole_e4 + booked_e4))
            quantity_milli -= filled_milli
            value_e4 -= paid_e4
        if quantity_milli:
            if self.layers and not self.fifo:
                held_milli, held_e4 = self.layers.pop()
                quantity_milli, value_e4 = held_milli + quantity_milli, held_e4 + value_e4
            self.layers.append((quantity_milli, value_e4))
            if not self.fifo:
                self.last_cost_e4 = unit_cost_e4(quantity_milli, value_e4)
        return revaluation_e4

    def issue(self, quantity_milli: int) -> int:
        """Give out a quantity and answer its value; beyond the stock it is the last known cost."""
        taken_e4 = 0
        used = 0
        for held_milli, held_e4 in self.layers:
            if held_milli < 0 or not quantity_milli:
                break
            if held_milli > quantity_milli:
                # The remainder of the division stays, and leaves with the last unit.
                part_e4 = held_e4 * quantity_milli // held_milli
                self.layers[used] = (held_milli - quantity_milli, held_e4 - part_e4)
                taken_e4 += part_e4
                quantity_milli = 0
                break
            taken_e4 += held_e4
            quantity_milli -= held_milli
            used += 1
        del self.layers[:used]
        if quantity_milli:
            beyond_e4 = value_at_cost_e4(quantity_milli, self.last_cost_e4)
            hole_milli, hole_e4 = self.layers.pop() if self.layers else (0, 0)
            self.layers.append((hole_milli - quantity_milli, hole_e4 - beyond_e4))
            taken_e4 += beyond_e4
        return taken_e4

    def withdraw(self, quantity_milli: int, value_e4: int) -> int:
        """Give out a quantity whose value is settled: a receipt taken back.

        Answers the revaluation, as `receive` does: zero when exactly that value could be taken.
        """
        for index in range(len(self.layers) - 1, -1, -1):
            held_milli, held_e4 = self.layers[index]
            left_milli, left_e4 = held_milli - quantity_milli, held_e4 - value_e4
            exact = (left_milli, left_e4) == (0, 0)
            if exact or (not self.fifo and left_milli > 0 and left_e4 >= 0):
                self.layers[index : index + 1] = [] if exact else [(left_milli, left_e4)]
                return 0
        return self.issue(quantity_milli) - value_e4

    def value_of(self, quantity_milli: int) -> int:
        """What a quantity is worth on average, without taking it; the last cost when there is none."""
        held_milli = self.quantity_milli
        if held_milli <= 0:
            return value_at_cost_e4(quantity_milli, self.last_cost_e4)
        return self.value_e4 * quantity_milli // held_milli
