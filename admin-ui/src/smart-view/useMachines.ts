import { useQuery } from "@tanstack/react-query";
import { useSmartView } from "../providers/smart-view-provider.ts";

/** While a backup runs its figures have no event of their own each second. */
const runningMs = 2_000;
const calmMs = 30_000;

/** All machines that one may see. */
export function useMachines() {
  const provider = useSmartView();
  return useQuery({
    queryKey: ["machines"],
    queryFn: ({ signal }) => provider.machines(signal),
    refetchInterval: ({ state }) => (state.data?.some(({ run }) => run !== null) ? runningMs : calmMs),
  });
}

/** One machine. */
export function useMachine(id: number) {
  const provider = useSmartView();
  return useQuery({
    queryKey: ["machines", id],
    queryFn: ({ signal }) => provider.machine(id, signal),
    refetchInterval: ({ state }) => (state.data?.run ? runningMs : calmMs),
  });
}

/** The snapshots of a repository, oldest first. */
export function useSnapshots(repositoryId: number | null) {
  const provider = useSmartView();
  return useQuery({
    queryKey: ["snapshots", repositoryId],
    queryFn: ({ signal }) => provider.snapshots(repositoryId ?? 0, signal),
    enabled: repositoryId !== null,
  });
}
