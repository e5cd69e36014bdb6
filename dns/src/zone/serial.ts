/** Whether serial `a` comes after `b` (RFC 1982 §3.2); false for equal ones and for the pair that is exactly 2^31 apart. */
export function isNewerSerial(a: number, b: number): boolean {
  const distance = (a - b) >>> 0;
  return distance !== 0 && distance < 2 ** 31;
}

/** The serial after one: dates as YYYYMMDDnn go on as such, others count up. Always newer; 0 is left out, which some secondaries take for "none". */
export function nextSerial(serial: number, nowMs: number): number {
  const today = Number(new Date(nowMs).toISOString().slice(0, 10).replaceAll("-", "")) * 100;
  // Whoever counts by dates has a serial of this century; to begin with dates from anything else is no step backwards either.
  const isDated = serial > 1_970_010_100 && serial < 2_100_000_000;
  if (isDated && isNewerSerial(today, serial)) return today;
  const next = (serial + 1) >>> 0;
  return next === 0 ? 1 : next;
}
