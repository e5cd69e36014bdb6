import { useQuery } from "@tanstack/react-query";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useDns } from "../../providers/dns-provider.ts";
import { Facts, Panel } from "../../record/Panel.tsx";

const shownProblems = 20;

/** How a registration stands: whom it has in its zone, and what it could not do, with the reason. */
export function RegistrationStanding({ name }: { readonly name: string }) {
  const dns = useDns();
  const { data, error, refetch } = useQuery({
    queryKey: ["dns/registration-status"],
    queryFn: ({ signal }) => dns.registrationStatus(signal),
    refetchInterval: 15_000,
  });
  const counts = data?.registrations.find((registration) => registration.name === name);
  const problems = data?.problems.filter(({ registration }) => registration === name) ?? [];
  return (
    <Panel title="In the zone, now">
      {error && !data ? (
        <ErrorMessage error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <SkeletonLines count={3} />
      ) : (
        <>
          <Facts
            facts={[
              ["Hosts", (counts?.hostCount ?? 0).toLocaleString("en")],
              ["Addresses", (counts?.addressCount ?? 0).toLocaleString("en")],
              ["About to change, of all", data.waitingCount === 0 ? null : `${data.waitingCount} record sets`],
            ]}
          />
          {problems.length === 0 ? (
            <p className="quiet">Nothing was left out.</p>
          ) : (
            <ul aria-label="What was left out">
              {problems.slice(0, shownProblems).map(({ host, message }) => (
                <li key={`${host} ${message}`} className="wrap">
                  {host === null ? null : <b>{host} </b>}
                  {message}
                </li>
              ))}
            </ul>
          )}
          {problems.length > shownProblems ? (
            <p className="quiet">and {(problems.length - shownProblems).toLocaleString("en")} more</p>
          ) : null}
        </>
      )}
    </Panel>
  );
}
