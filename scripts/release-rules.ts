/** What a release is judged by. */
export interface State {
  /** Of the repository's package.json. */
  version: string
  /** Those of the commit that is checked out. */
  tags: string[]
  /** What `git status --porcelain` says; empty where nothing differs from the commit. */
  changes: string
  /** The text of CHANGELOG.md. */
  changelog: string
  /** Of the packages that are published. */
  versions: string[]
  env: Record<string, string | undefined>
}

/**
 * Why a version must not be published, in sentences with their remedy; none when it may.
 *
 * @example whyNot(state) // ['The commit has no tag v0.1.0. Tag it and push the tag.']
 */
export function whyNot({ version, tags, changes, changelog, versions, env }: State): string[] {
  const reasons: [boolean, string][] = [
    [!tags.includes(`v${version}`), `The commit has no tag v${version}. Tag it and push the tag.`],
    [changes !== '', 'Files differ from the commit. Commit them, or take them away.'],
    [
      !new RegExp(`^## ${version.replaceAll('.', '\\.')}, \\d{4}-\\d{2}-\\d{2}$`, 'm').test(changelog),
      `CHANGELOG.md has no heading "## ${version}, " with a date. Write it.`,
    ],
    [versions.some(each => each !== version), `Not every package has the version ${version}. Correct them.`],
    [
      !(env.CI && env.ACTIONS_ID_TOKEN_REQUEST_URL),
      'npm takes provenance from continuous integration alone. Run it there, with the permission id-token: write.',
    ],
  ]
  return reasons.filter(([holds]) => holds).map(([, reason]) => reason)
}
