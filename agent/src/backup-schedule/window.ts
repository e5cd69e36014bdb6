import type { DayWindow } from "@mycloud/protocol/backup-policy";
import { Cron } from "croner";
import { localTime, minutesOf } from "./local-time.ts";

/** When a run may begin that is due now: now, or when the window opens next; ms UTC. Pure. */
export function openFromMs(window: DayWindow | null, timeZone: string, nowMs: number): number {
  if (window === null || isWithin(window, localTime(nowMs, timeZone).minutes)) return nowMs;
  const [hour, minute] = window.from.split(":").map(Number);
  const opening = new Cron(`${minute} ${hour} * * *`, { timezone: timeZone, paused: true }).nextRun(new Date(nowMs));
  return opening?.getTime() ?? nowMs;
}

/** Whether a time of day, in minutes, lies within; a window that ends when it begins is the whole day. Pure. */
export function isWithin({ from, to }: DayWindow, minutes: number): boolean {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  if (start === end) return true;
  return start < end ? minutes >= start && minutes < end : minutes >= start || minutes < end;
}
