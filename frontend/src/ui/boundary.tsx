import { Component, type ReactNode } from "react";
import { Problem } from "@/api/problem.ts";
import { ProblemNote } from "@/ui/problem-note.tsx";

/** Half an answer, or a mistake of ours, costs one panel and never the page. */
export class Boundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <ProblemNote
        problem={new Problem("incomplete")}
        onAgain={() => this.setState({ isBroken: false })}
      />
    );
  }
}
