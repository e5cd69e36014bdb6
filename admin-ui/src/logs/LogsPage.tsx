import { PageHeader } from "../layout/PageHeader.tsx";
import { LogSearch } from "./LogSearch.tsx";
import { LogSearchActions } from "./LogSearchActions.tsx";
import { shownTime } from "./log-view.ts";
import { useLogAddress } from "./useLogAddress.ts";

/** The logs of all hosts in sight: searched, narrowed, followed. What is shown is in the address. */
export function LogsPage() {
  const address = useLogAddress();
  return (
    <>
      <PageHeader title="Logs" subtitle={shownTime(address)} actions={<LogSearchActions address={address} />} />
      <LogSearch address={address} />
    </>
  );
}
