import Button from "@mui/material/Button";
import type { Contact } from "@mycloud/protocol/contact";
import { useMutation } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { useConsole, useMayAct } from "../../providers/hooks.ts";

/** Sends one contact a message that says it is a test. */
export function TestNotificationButton({ contact }: { contact: Pick<Contact, "id" | "email"> }) {
  const provider = useConsole();
  const notify = useNotify();
  const send = useMutation({
    mutationFn: () => provider.testNotification(contact.id),
    onSuccess: () => notify(`A test message to ${contact.email} is queued`, { type: "success" }),
    onError: (error) => notify(error.message, { type: "error" }),
  });
  if (!useMayAct()) return null;
  return (
    <Button variant="outlined" disabled={send.isPending} onClick={() => send.mutate()}>
      Send a test
    </Button>
  );
}
