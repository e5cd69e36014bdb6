import { rounded } from "../../plugin/format-quantity.ts";
import { INTERFACE_COUNTER_NAMES } from "../../proc/network-interfaces.ts";

/** All per second; errors and drops of both directions together. */
export interface InterfaceRates {
  readonly receivedBits: number;
  readonly sentBits: number;
  readonly errors: number;
  readonly drops: number;
}

/** Turns the growth of an interface's counters into rates; all 0 for an interface that has just appeared. */
export function toRates(growth: readonly number[], seconds: number): InterfaceRates {
  const rate = (name: (typeof INTERFACE_COUNTER_NAMES)[number]): number =>
    (growth[INTERFACE_COUNTER_NAMES.indexOf(name)] ?? 0) / seconds;
  return {
    receivedBits: Math.round(rate("rx_bytes") * 8),
    sentBits: Math.round(rate("tx_bytes") * 8),
    errors: rounded(rate("rx_errors") + rate("tx_errors"), 3),
    drops: rounded(rate("rx_dropped") + rate("tx_dropped"), 3),
  };
}
