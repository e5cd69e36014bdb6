import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { SecondStep } from "@mycloud/protocol/session";
import { useState } from "react";
import { useAuthProvider } from "react-admin";
import { RecoveryCodeList } from "../account/RecoveryCodeList.tsx";
import { TotpSecret } from "../account/TotpSecret.tsx";
import type { ConsoleAuth } from "../providers/types.ts";
import { Fault } from "./EntryCard.tsx";
import { enterConsole } from "./enter-console.ts";
import { useSubmit } from "./useSubmit.ts";

/** The code of the second step; where the organisation wants one and there is none yet, setting it up comes first. */
export function SecondStepForm({ step }: { readonly step: SecondStep }) {
  const auth = useAuthProvider<ConsoleAuth>();
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null);
  const { isBusy, fault, onSubmit } = useSubmit(async (field) => {
    const answer = await auth?.secondStep({ challenge: step.challenge, code: field("code") });
    if (answer?.recoveryCodes === undefined) enterConsole();
    else setRecoveryCodes(answer.recoveryCodes);
  });
  if (recoveryCodes !== null) {
    return (
      <div className="stack">
        <RecoveryCodeList codes={recoveryCodes} />
        <Button variant="contained" fullWidth onClick={() => enterConsole()}>
          I have kept them
        </Button>
      </div>
    );
  }
  return (
    <form onSubmit={onSubmit} className="stack">
      {step.setup === null ? (
        <p className="hint">Type the code that your authenticator shows, or a recovery code.</p>
      ) : (
        <>
          <p className="hint">
            Your organisation wants a second step. Scan this with an authenticator app, then type its code.
          </p>
          <TotpSecret setup={step.setup} />
        </>
      )}
      <TextField label="Code" name="code" autoComplete="one-time-code" autoFocus required />
      <Fault text={fault} />
      <Button type="submit" variant="contained" fullWidth disabled={isBusy}>
        {isBusy ? "Checking…" : "Continue"}
      </Button>
    </form>
  );
}
