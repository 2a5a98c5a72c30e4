import { Component, type ReactNode } from "react";
import { Problem } from "@/api/problem.ts";
import { ProblemNote } from "@/ui/problem-note.tsx";

/** Half an answer, or a mistake of ours, costs one panel and never the page. */
export class Boundary extends Component<
  { children: ReactNode; version?: number },
  { isBroken: boolean }
> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  /** Another `version` of the answer may be whole again. */
  override componentDidUpdate(before: { version?: number }) {
    if (this.state.isBroken && before.version !== this.props.version)
      this.setState({ isBroken: false });
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <ProblemNote
        problem={new Problem("incomplete")}
        isByHand
        onAgain={() => this.setState({ isBroken: false })}
      />
    );
  }
}
