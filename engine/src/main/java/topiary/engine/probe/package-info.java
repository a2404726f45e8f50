/**
 * Looks at servers: a schedule says whom, a prober asks over a kept-open connection under one
 * deadline, and a pure parser makes facts of the answers.
 */
package topiary.engine.probe;
