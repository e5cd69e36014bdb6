import { describeAsAlertmanager } from "./alertmanager-error.ts";

/** What routes of Alertmanager's API have in common: its programs send a password, and read its errors. */
export const alertmanagerRoute = { isBasicTaken: true, describeError: describeAsAlertmanager } as const;
