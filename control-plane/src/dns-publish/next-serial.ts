import { isNewerSerial } from "@mycloud/dns/zone";
import type { SerialForm } from "@mycloud/protocol/dns-zone";

/** The serial of a zone that never had one. */
export function firstSerial(form: SerialForm, nowMs: number): number {
  return form === "increment" ? 1 : form === "date" ? today(nowMs) + 1 : Math.floor(nowMs / 1000);
}

/**
 * The serial after one, in a zone's form: what the form says where that is newer (RFC 1982), else one more; 0 is left out, which some secondaries take for
 * "none". Always newer, so that a form that is changed, or a clock that is wrong, never takes it back. Pure.
 */
export function serialAfter(form: SerialForm, serial: number, nowMs: number): number {
  const wanted = form === "increment" ? undefined : form === "date" ? today(nowMs) + 1 : Math.floor(nowMs / 1000);
  if (wanted !== undefined && isNewerSerial(wanted, serial)) return wanted;
  const next = (serial + 1) >>> 0;
  return next === 0 ? 1 : next;
}

/** YYYYMMDD00. */
function today(nowMs: number): number {
  return Number(new Date(nowMs).toISOString().slice(0, 10).replaceAll("-", "")) * 100;
}
