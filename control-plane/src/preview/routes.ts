import {
  OnCallPreview,
  OnCallPreviewRequest,
  SchedulePreview,
  SchedulePreviewRequest,
  SelectorPreview,
  SelectorPreviewRequest,
  TimePeriodPreview,
  TimePeriodPreviewRequest,
} from "@mycloud/protocol/preview";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findTimePeriods } from "../dependency/store.ts";
import { forStaffViewers, forViewers, type Route, route } from "../http/route.ts";
import { previewSelector } from "./preview-selector.ts";
import { previewOnCall, previewSchedule, previewTimePeriod } from "./preview-time.ts";

export interface PreviewRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly now: () => number;
}

/** What definitions as written in a form would mean. They only read, so whoever may see definitions may ask. */
export function createPreviewRoutes({ database: { db, dialect }, now }: PreviewRoutesDependencies): Route[] {
  return [
    route({
      method: "post",
      path: "/api/v1/previews/time-period",
      summary: "When a time period as written here holds; nothing is stored",
      access: forStaffViewers,
      body: TimePeriodPreviewRequest,
      answer: TimePeriodPreview,
      handle: async ({ body: { period, fromMs, days } }) =>
        previewTimePeriod(period, await findTimePeriods(db), fromMs ?? now(), days),
    }),
    route({
      method: "post",
      path: "/api/v1/previews/on-call",
      summary: "Who is on call when by a schedule as written here; nothing is stored",
      access: forStaffViewers,
      body: OnCallPreviewRequest,
      answer: OnCallPreview,
      handle: async ({ body: { schedule, fromMs, days } }) => previewOnCall(schedule, fromMs ?? now(), days),
    }),
    route({
      method: "post",
      path: "/api/v1/previews/schedule",
      summary: "When a cron line fires next on the clock of a place, or why it never does",
      access: forViewers,
      body: SchedulePreviewRequest,
      answer: SchedulePreview,
      handle: async ({ body: { cron, timeZone, fromMs, count } }) =>
        previewSchedule(cron, timeZone, fromMs ?? now(), count),
    }),
    route({
      method: "post",
      path: "/api/v1/previews/selector",
      summary: "Which hosts and services a selector covers now",
      access: forViewers,
      body: SelectorPreviewRequest,
      answer: SelectorPreview,
      handle: ({ scope, body }) => previewSelector(db, dialect, scope, body.selector),
    }),
  ];
}
