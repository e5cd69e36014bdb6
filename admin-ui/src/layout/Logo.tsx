/** The product's mark: a pulse on petrol. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0c6170" />
      <path
        d="M5 20.5h4.6l2.6-9.5 4.2 13 3.2-8.2 1.6 4.7H27"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="25.4" cy="9" r="2.6" fill="#8fe3c4" />
    </svg>
  );
}
