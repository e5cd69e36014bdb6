import type { TotpSetup } from "@mycloud/protocol/account";
import { encode } from "uqr";

/** A QR code as SVG: dark squares on white in every theme, since cameras want that. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { border: 4, ecc: "M" });
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={squares.join("")} fill="#000000" />
    </svg>
  );
}

/** What an authenticator needs: a picture for its camera, and the same as text. */
export function TotpSecret({ setup }: { readonly setup: TotpSetup }) {
  return (
    <div className="totp-secret">
      <QrCode text={setup.uri} label="QR code for your authenticator" />
      <p className="hint">
        No camera? Type this secret:
        <code className="mono wrap">{setup.secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
      </p>
    </div>
  );
}
