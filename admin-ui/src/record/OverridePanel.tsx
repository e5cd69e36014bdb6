import Button from "@mui/material/Button";
import type { OverridableSetting } from "@mycloud/protocol/monitored";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNotify, useRefresh } from "react-admin";
import { useConsole, useMayAct } from "../providers/hooks.ts";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { changeText, settingNames } from "./override-text.ts";
import { Panel } from "./Panel.tsx";

/** What of a host or service is not as its definition says, since somebody changed it at run time, and the way back; nothing where all is. */
export function OverridePanel({ of, id }: { of: "hosts" | "services"; id: number }) {
  const provider = useConsole();
  const mayAct = useMayAct();
  const notify = useNotify();
  const refresh = useRefresh();
  const queryClient = useQueryClient();
  const queryKey = ["override", of, id];
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => provider.override(of, id, signal) });
  const takeBack = useMutation({
    mutationFn: (setting: OverridableSetting | null) => provider.removeOverride(of, id, setting),
    onSuccess: (left) => {
      queryClient.setQueryData(queryKey, left);
      notify(left.data.length === 0 ? "As defined again" : "Taken back", { type: "success" });
      refresh();
    },
    onError: (error) => notify(error.message, { type: "error" }),
  });
  if (!data || data.data.length === 0) return null;
  return (
    <Panel
      title="Changed at run time"
      end={
        mayAct ? (
          <Button disabled={takeBack.isPending} onClick={() => takeBack.mutate(null)}>
            All as defined
          </Button>
        ) : null
      }
    >
      <ul className="overrides">
        {data.data.map((change) => {
          const { now, defined } = changeText(change);
          const name = settingNames[change.setting];
          return (
            <li key={change.setting}>
              <span className="wrap">
                {name}: <b>{now}</b> <span className="quiet">defined: {defined}</span>
              </span>
              {mayAct && data.data.length > 1 ? (
                <Button
                  disabled={takeBack.isPending}
                  aria-label={`${name}: as defined`}
                  onClick={() => takeBack.mutate(change.setting)}
                >
                  As defined
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      <p className="hint" style={{ marginBottom: 0 }}>
        By an external command or a switch, last <RelativeTime atMs={data.changedAtMs} />. It counts in place of the
        definition, over restarts, until it is taken back.
      </p>
    </Panel>
  );
}
