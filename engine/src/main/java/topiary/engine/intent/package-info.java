/** What somebody wants, before anyone has worked out how. */
package topiary.engine.intent;
