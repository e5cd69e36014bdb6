import { createRequire } from "node:module";
import { endianness } from "node:os";

/** What adjtimex(2) says, in its own units: microseconds, or nanoseconds where `status` has STA_NANO; frequencies scaled by 2^16. */
export interface KernelClock {
  /** The call's answer: 5 (TIME_ERROR) when the clock is not synchronised. */
  readonly state: number;
  readonly offset: number;
  readonly frequency: number;
  readonly maximumError: number;
  readonly estimatedError: number;
  readonly status: number;
  readonly constant: number;
  readonly tick: number;
  readonly ppsFrequency: number;
  readonly ppsJitter: number;
  readonly ppsShift: number;
  readonly ppsStability: number;
  readonly ppsJitterCount: number;
  readonly ppsCalibrationCount: number;
  readonly ppsErrorCount: number;
  readonly ppsStabilityCount: number;
  readonly taiOffset: number;
}

/** struct timex where `long` has 64 bits, which is every Linux this runs on. */
const structBytes = 208;

/** Loads libc, which costs some 7 MB and 15 ms; then a call takes microseconds. Undefined where koffi has no binary. Changes nothing. */
export function createKernelClockReader(): (() => KernelClock) | undefined {
  let adjtimex: (timex: Buffer) => number;
  try {
    const koffi: typeof import("koffi") = createRequire(import.meta.url)("koffi");
    adjtimex = koffi.load(null).func("int adjtimex(void *)");
  } catch {
    return undefined;
  }
  const timex = Buffer.alloc(structBytes);
  const isLittle = endianness() === "LE";
  const long = (at: number) => Number(isLittle ? timex.readBigInt64LE(at) : timex.readBigInt64BE(at));
  const int = (at: number) => (isLittle ? timex.readInt32LE(at) : timex.readInt32BE(at));
  return () => {
    // `modes` 0: only read.
    timex.fill(0);
    const state = adjtimex(timex);
    if (state < 0) throw new Error("adjtimex was refused");
    return {
      state,
      offset: long(8),
      frequency: long(16),
      maximumError: long(24),
      estimatedError: long(32),
      status: int(40),
      constant: long(48),
      tick: long(88),
      ppsFrequency: long(96),
      ppsJitter: long(104),
      ppsShift: int(112),
      ppsStability: long(120),
      ppsJitterCount: long(128),
      ppsCalibrationCount: long(136),
      ppsErrorCount: long(144),
      ppsStabilityCount: long(152),
      taiOffset: int(160),
    };
  };
}
