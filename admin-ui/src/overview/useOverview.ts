import { useQuery } from "@tanstack/react-query";
import { useConsole } from "../providers/hooks.ts";

/** The figures of the first page, shared by the navigation's badges. */
export function useOverview() {
  const provider = useConsole();
  return useQuery({ queryKey: ["overview"], queryFn: ({ signal }) => provider.overview(signal) });
}
