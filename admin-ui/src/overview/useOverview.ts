import { useQuery } from "@tanstack/react-query";
import { useConsole } from "../providers/hooks.ts";

const refreshMs = 10_000;

/** The figures of the first page, shared by the navigation's badges. State changes renew them at once; rates and first results have no event. */
export function useOverview() {
  const provider = useConsole();
  return useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) => provider.overview(signal),
    refetchInterval: refreshMs,
  });
}
