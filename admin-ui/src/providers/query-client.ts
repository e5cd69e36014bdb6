import { QueryClient } from "@tanstack/react-query";
import { HttpError } from "react-admin";

/** Asks again when the network or the server failed, never when the question itself was refused. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) =>
          failures < 2 && error instanceof HttpError && (error.status === 0 || error.status >= 502),
        retryDelay: 800,
        // Events say when something changed; coming back to the tab need not ask for everything.
        refetchOnWindowFocus: false,
        staleTime: 2_000,
      },
    },
  });
}
