/** Why a backup cannot be made or put back. */
export type BackupProblem =
  /** The file is none of ours. */
  | 'none'
  /** The passphrase is another, or the file was changed at its beginning. */
  | 'passphrase'
  /** It was cut or changed, or does not hold what it says. */
  | 'damaged'
  /** A later Countersign made it. */
  | 'newer'
  /** Something stands in the database that it is to be put back into. */
  | 'occupied'
  /** A server has that database open. */
  | 'running'
  /** What is put back is not what was backed up. */
  | 'differs'
  /** The other kind of database cannot keep a value. */
  | 'value'

/** A refusal to make a backup or to put one back. */
export class BackupError extends Error {
  override name = 'BackupError'
  readonly problem: BackupProblem
  /** What it is about: the name of a table or migration, the file of SQLite or the sessions of PostgreSQL that are in use. */
  readonly about: string

  constructor(problem: BackupProblem, about = '', options?: ErrorOptions) {
    super(about === '' ? problem : `${problem}: ${about}`, options)
    this.problem = problem
    this.about = about
  }
}
