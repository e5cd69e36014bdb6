import type { OverridableSetting, OverrideAnswer } from "@mycloud/protocol/monitored";

const nothing: OverrideAnswer = { data: [], changedAtMs: null };

/** What was changed at run time in a made-up world: something of one host and of one service. */
export function createOverrides(nowMs: number) {
  const changedAtMs = nowMs - 7_200_000;
  const overrides = new Map<string, OverrideAnswer>([
    ["hosts 3", { changedAtMs, data: [{ setting: "checkIntervalSeconds", value: 60, defined: 300 }] }],
    [
      "services 2",
      {
        changedAtMs,
        data: [
          { setting: "isNotificationEnabled", value: false, defined: true },
          { setting: "variables", value: { ENV: "stage" }, defined: { ENV: "prod" } },
          { setting: "checkPeriod", value: "office hours", defined: null },
          { setting: "checkIntervalSeconds", value: 60, defined: 300 },
          { setting: "maxCheckAttempts", value: 3, defined: 5 },
        ],
      },
    ],
  ]);
  const read = (of: string, id: number) => overrides.get(`${of} ${id}`) ?? nothing;
  return {
    read,
    remove(of: string, id: number, setting: OverridableSetting | null): OverrideAnswer {
      const left = read(of, id).data.filter((change) => setting !== null && change.setting !== setting);
      const answer = left.length === 0 ? nothing : { data: left, changedAtMs: nowMs };
      overrides.set(`${of} ${id}`, answer);
      return answer;
    },
  };
}
