export function SignInPage() {
  return <h1 className="text-xl font-semibold">SignInPage</h1>;
}
