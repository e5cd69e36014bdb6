import Button from "@mui/material/Button";
import type { ProposalAnswer, ServiceProposal } from "@mycloud/protocol/service-proposal";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { useConsole } from "../../providers/hooks.ts";
import { decisionText, isApprovable } from "./proposal-text.ts";

/** What a decision may have changed. */
const touched = ["service-proposals", "checks", "services", "hosts"];

interface DecisionButtonsProps {
  readonly proposals: readonly ServiceProposal[];
  readonly onDone: () => void;
}

function useDecision(what: string, decide: (ids: number[]) => Promise<ProposalAnswer>, onDone: () => void) {
  const notify = useNotify();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: decide,
    onSuccess: (answer) => {
      notify(decisionText(what, answer), { type: answer.refused.length > 0 ? "warning" : "success" });
      for (const resource of touched) queryClient.invalidateQueries({ queryKey: [resource] }).catch(() => undefined);
      onDone();
    },
    onError: (error) => notify(error instanceof Error ? error.message : "That failed", { type: "error" }),
  });
}

/** Approves or rejects what was chosen. */
export function DecisionButtons({ proposals, onDone }: DecisionButtonsProps) {
  const provider = useConsole();
  const approve = useDecision("Approved", provider.approveProposals, onDone);
  const reject = useDecision("Rejected", provider.rejectProposals, onDone);
  const approvable = proposals.filter(isApprovable);
  const rejectable = proposals.filter(({ phase }) => phase === "proposed");
  const isPending = approve.isPending || reject.isPending;
  return (
    <>
      <Button
        variant="contained"
        disabled={isPending || approvable.length === 0}
        onClick={() => approve.mutate(approvable.map(({ id }) => id))}
      >
        Approve
      </Button>
      <Button
        variant="outlined"
        disabled={isPending || rejectable.length === 0}
        onClick={() => reject.mutate(rejectable.map(({ id }) => id))}
      >
        Reject
      </Button>
    </>
  );
}
