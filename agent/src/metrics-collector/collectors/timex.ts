import type { Collected, Collector } from "../collector.ts";
import { Families } from "../families.ts";

const TIME_ERROR = 5;
const STA_NANO = 0x2000;
/** Frequencies are in millionths, scaled by 2^16. */
const ppmScale = 1e6 * 65_536;

/** How NTP steers the clock (adjtimex(2)). Loads what calls the kernel when it is first asked. */
export function createTimexCollector(isDefault: boolean): Collector {
  let reader: Promise<(() => import("@mycloud/backup/kernel-clock").KernelClock) | undefined> | undefined;

  async function collect(): Promise<Collected> {
    reader ??= import("@mycloud/backup/kernel-clock").then((clock) => clock.createKernelClockReader());
    const clock = (await reader)?.();
    if (clock === undefined) return undefined;
    const unit = (clock.status & STA_NANO) === 0 ? 1e6 : 1e9;
    const families = new Families();
    const gauge = (name: string, help: string, value: number) => families.gauge(`node_timex_${name}`, help, value);
    const counter = (name: string, help: string, value: number) => families.counter(`node_timex_${name}`, help, value);
    gauge("sync_status", "Whether the clock is synchronised.", clock.state === TIME_ERROR ? 0 : 1);
    gauge("offset_seconds", "How far the clock is from the reference.", clock.offset / unit);
    gauge("frequency_adjustment_ratio", "How the clock's frequency is adjusted.", 1 + clock.frequency / ppmScale);
    gauge("maxerror_seconds", "Greatest error there can be.", clock.maximumError / 1e6);
    gauge("estimated_error_seconds", "Estimated error.", clock.estimatedError / 1e6);
    gauge("status", "The status bits.", clock.status);
    gauge("loop_time_constant", "Time constant of the phase-locked loop.", clock.constant);
    gauge("tick_seconds", "Seconds between clock ticks.", clock.tick / 1e6);
    gauge("pps_frequency_hertz", "Frequency of the pulse per second.", clock.ppsFrequency / ppmScale);
    gauge("pps_jitter_seconds", "Jitter of the pulse per second.", clock.ppsJitter / unit);
    gauge("pps_shift_seconds", "Interval of the pulse per second.", clock.ppsShift);
    gauge("pps_stability_hertz", "Stability of the pulse per second.", clock.ppsStability / ppmScale);
    counter("pps_jitter_total", "Pulses per second beyond the limit of jitter.", clock.ppsJitterCount);
    counter("pps_calibration_total", "Intervals of calibration.", clock.ppsCalibrationCount);
    counter("pps_error_total", "Errors of calibration.", clock.ppsErrorCount);
    counter(
      "pps_stability_exceeded_total",
      "Pulses per second beyond the limit of stability.",
      clock.ppsStabilityCount,
    );
    gauge("tai_offset_seconds", "How far International Atomic Time is ahead of UTC.", clock.taiOffset);
    return families.list();
  }
  return { name: "timex", isDefault, collect };
}
