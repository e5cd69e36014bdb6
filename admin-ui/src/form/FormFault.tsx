import { useFormState } from "react-hook-form";

/** A fault of the whole form, which belongs to no single field. */
export function FormFault() {
  const { errors } = useFormState();
  const fault = errors.root?.serverError;
  if (!fault) return null;
  return (
    <p role="alert" className="fault">
      {typeof fault === "string" ? fault : fault.message}
    </p>
  );
}
