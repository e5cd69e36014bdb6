import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { ApiToken, ApiTokenCreated } from "@mycloud/protocol/api-token";
import { useState } from "react";
import { useDelete, useGetList, useNotify } from "react-admin";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { Fault } from "../login/EntryCard.tsx";
import { useSubmit } from "../login/useSubmit.ts";
import { useConsole } from "../providers/hooks.ts";
import { CopyableCommand } from "../record/CopyableCommand.tsx";
import { Panel } from "../record/Panel.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";

/** Passwords for programs that show backups as a folder (WebDAV); they open nothing else. */
export function AppPasswordsPanel({ customer }: { readonly customer: string | null }) {
  const notify = useNotify();
  const [made, setMade] = useState<string | null>(null);
  const { data, error, refetch } = useGetList<ApiToken>("api-tokens", {
    pagination: { page: 1, perPage: 100 },
    sort: { field: "name", order: "ASC" },
    filter: { scope: "webdav" },
  });
  const provider = useConsole();
  const [remove] = useDelete<ApiToken>();
  const { isBusy, fault, onSubmit } = useSubmit(async (field, form) => {
    const { data: created } = await provider.create<ApiTokenCreated>("api-tokens", {
      data: { name: field("name"), scopes: ["webdav"], customer, lifetimeSeconds: null },
    });
    form.reset();
    setMade(created.token);
    await refetch();
  });
  return (
    <Panel title="App passwords">
      <p>
        With one of these, programs show your backups as a read-only folder (WebDAV) at{" "}
        <code className="mono">{window.location.origin}/dav/</code>; your own password is not needed there.
      </p>
      <form onSubmit={onSubmit} className="row">
        <TextField label="For which program" name="name" required slotProps={{ htmlInput: { maxLength: 64 } }} />
        <Button type="submit" size="small" variant="contained" disabled={isBusy}>
          Make one
        </Button>
      </form>
      <Fault text={fault} />
      {made === null ? null : (
        <>
          <CopyableCommand text={made} label="App password" />
          <p className="hint">It is shown this once; only its hash is kept. Any user name goes with it.</p>
        </>
      )}
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={2} />
        )
      ) : (
        <ul className="sessions">
          {data.map((token) => (
            <li key={token.id}>
              <span className="wrap">
                {token.name}{" "}
                <span className="quiet">
                  made <RelativeTime atMs={token.createdAtMs} />, used <RelativeTime atMs={token.lastUsedAtMs} />
                </span>
              </span>
              <Button
                size="small"
                aria-label={`Revoke ${token.name}`}
                onClick={() =>
                  remove(
                    "api-tokens",
                    { id: token.id, previousData: token },
                    {
                      mutationMode: "pessimistic",
                      onError: (cause) =>
                        notify(cause instanceof Error ? cause.message : "that did not work", { type: "error" }),
                      onSettled: () => void refetch(),
                    },
                  )
                }
              >
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
