/**
 * orchestrator's HTTP API as its users know it: the same paths, synonyms, envelopes, JSON fields
 * and topology drawings, answered from Topiary's own topology and carried out through its own
 * plans. {@link topiary.app.legacy.LegacyApi} holds the one table of paths; everything here makes
 * trees of maps and lists, and the HTTP layer writes them as JSON. Names in this package's answers
 * are orchestrator's, for better or worse; names in its code are ours.
 */
package topiary.app.legacy;
