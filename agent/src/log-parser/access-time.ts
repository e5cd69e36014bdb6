import { compileTimeFormat, type ReadTime } from "./time-format.ts";

/** `20/Nov/2026:08:00:00 +0000`. */
const LENGTH = 26;
const MINUTE_LENGTH = 17;
const SECOND_AT = 18;
const ZONE_AT = 20;
const FORMAT = "%d/%b/%Y:%H:%M:%S %z";

/**
 * Makes the reader of access logs' times. Of times in their usual form, only the seconds are read when the rest is as it was the last time: lines of one
 * minute come together.
 */
export function createAccessTimeReader(): ReadTime {
  const readAny = compileTimeFormat(FORMAT, (localMs) => localMs);
  let minute = "";
  let zone = "";
  let minuteUs = 0;
  return (text, readAtUs) => {
    const isUsual =
      text.length === LENGTH &&
      text.charCodeAt(0) >= 0x30 &&
      text.charCodeAt(2) === 0x2f &&
      text.charCodeAt(MINUTE_LENGTH) === 0x3a;
    const second = isUsual ? twoDigits(text, SECOND_AT) : -1;
    if (second < 0 || second > 60) return readAny(text, readAtUs);
    if (minute === "" || !text.startsWith(minute) || !text.endsWith(zone)) {
      const us = readAny(text, readAtUs);
      if (us === null) return null;
      minute = text.slice(0, MINUTE_LENGTH + 1);
      zone = text.slice(ZONE_AT);
      minuteUs = us - second * 1_000_000;
    }
    return minuteUs + second * 1_000_000;
  };
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
