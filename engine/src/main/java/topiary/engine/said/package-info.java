/**
 * What people say of servers and clusters, and no look at a server could tell: downtime,
 * maintenance, promotion rules, tags, pools, the names of clusters. Values only.
 */
package topiary.engine.said;
