/**
 * What differs between kinds of database server: where the program comes from, how its data
 * directory is first made, its option file and the SQL of replication. Today MariaDB 11.4; another
 * kind is another {@link topiary.lab.flavor.Flavor}.
 */
package topiary.lab.flavor;
