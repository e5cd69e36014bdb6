/** The recovery codes, for the one time that they are shown. */
export function RecoveryCodeList({ codes }: { readonly codes: readonly string[] }) {
  return (
    <div className="notice">
      <p>
        <b>Keep these recovery codes</b> where you find them without your phone. Each works once in the place of a code;
        they are not shown again.
      </p>
      <ul className="recovery-codes mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </div>
  );
}
